# Registers the nightly task of a programme folder, or replaces it. In a PowerShell that was opened
# "as administrator":
#
#   .\register-task.ps1 -Folder "C:\Programmes\session-3"
#
# -Remove takes the task away; nothing in the folder is touched.
param(
    [Parameter(Mandatory = $true)] [string] $Folder,
    [string] $Program = "C:\Program Files\peer-culture\peer-culture.exe",
    [switch] $Remove
)
$ErrorActionPreference = "Stop"

# Whole, as programs outside PowerShell know it; -Remove also works once the folder is gone.
$path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder).TrimEnd("\")
$name = Split-Path -Leaf $path
$taskPath = "\PEER CULTURE\"

if ($Remove) {
    Unregister-ScheduledTask -TaskPath $taskPath -TaskName $name -Confirm:$false
    Write-Host "Removed: $taskPath$name"
    exit 0
}
if (-not (Test-Path -LiteralPath $path -PathType Container)) {
    throw "The folder is not there: $path"
}
if (-not (Test-Path -LiteralPath $Program -PathType Leaf)) {
    throw "The program is not there: $Program (see -Program)"
}

function ConvertTo-XmlText([string] $text) { [System.Security.SecurityElement]::Escape($text) }

$user = [System.Security.Principal.WindowsIdentity]::GetCurrent().Name
$xml = Get-Content -LiteralPath (Join-Path $PSScriptRoot "peer-culture.xml") -Raw -Encoding UTF8
$xml = $xml.Replace("@NAME@", (ConvertTo-XmlText $name))
$xml = $xml.Replace("@USER@", (ConvertTo-XmlText $user))
$xml = $xml.Replace("@PROGRAM@", (ConvertTo-XmlText $Program))
$xml = $xml.Replace("@FOLDER@", (ConvertTo-XmlText $path))
Register-ScheduledTask -TaskPath $taskPath -TaskName $name -Xml $xml -Force | Out-Null
Write-Host "Registered: $taskPath$name, as $user"
Write-Host "Try it now: Start-ScheduledTask -TaskPath '$taskPath' -TaskName '$name'"

# The module as it is staged and installed.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $manifest = Join-Path $ModulePath PgEdgeUsers.psd1
}

Describe 'The manifest' {
    It 'is valid' {
        Test-ModuleManifest $manifest -WarningVariable warnings -ErrorVariable errors | ForEach-Object Name | Should -Be PgEdgeUsers

        $warnings | Should -BeNullOrEmpty
        $errors | Should -BeNullOrEmpty
    }

    It 'exports what there is, by name, and nothing else' {
        $data = Import-PowerShellDataFile $manifest
        $dll = [System.Reflection.Assembly]::LoadFrom((Join-Path $ModulePath PgEdgeUsers.dll))
        $cmdlets = $dll.GetExportedTypes() | ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } | ForEach-Object { "$($_.VerbName)-$($_.NounName)" }

        $data.CmdletsToExport | Sort-Object | Should -Be ($cmdlets | Sort-Object)
        (Get-Module PgEdgeUsers).ExportedCommands.Keys | Sort-Object | Should -Be ($cmdlets | Sort-Object)
        foreach ($kind in 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') {
            $data.ContainsKey($kind) | Should -BeTrue
            $data[$kind] | Should -BeNullOrEmpty
        }
    }

    It 'has what a gallery needs' {
        $data = Import-PowerShellDataFile $manifest

        $data.Description, $data.Author, $data.PrivateData.PSData.LicenseUri, $data.PrivateData.PSData.ProjectUri | Should -Not -BeNullOrEmpty
        $data.PrivateData.PSData.Tags | Should -Contain PSEdition_Core
        $data.PrivateData.PSData.Tags -match '\s' | Should -BeNullOrEmpty
    }
}

Describe 'The staged files' {
    It 'are all named in the manifest, or are help, libraries or the license' {
        Get-ChildItem $ModulePath -File | ForEach-Object Name | Where-Object { $_ -notin 'PgEdgeUsers.psd1', 'LICENSE' } | Sort-Object | Should -Be (
            @((Import-PowerShellDataFile $manifest).RootModule) + (Import-PowerShellDataFile $manifest).FormatsToProcess + (Import-PowerShellDataFile $manifest).TypesToProcess | Sort-Object)
        Get-ChildItem $ModulePath -Directory | ForEach-Object Name | Should -BeIn lib, en-US
    }
}

Describe 'The cmdlets' {
    It '<_> follows the conventions' -ForEach (Import-PowerShellDataFile $PSScriptRoot/../../PgEdgeUsers.psd1).CmdletsToExport {
        $command = Get-Command $_

        $command.Verb | Should -BeIn (Get-Verb).Verb
        if ($command.Noun -match '^PgEdgeUser(File)?$') {
            $command.Parameters.Path.Aliases | Should -Be UserFile, FilePath, PSPath
        }
        foreach ($parameter in $command.Parameters.Values | Where-Object Name -Match '^(Password|Token)$') {
            $parameter.ParameterType | Should -Be ([securestring])
        }
        foreach ($type in $command.OutputType) {
            $type.Name | Should -Match '^(PgEdgeUsers\.PgEdge\w+|System\.Boolean)$'
        }
        $command.Parameters.ContainsKey('WhatIf') | Should -Be ($command.Verb -notin 'Get', 'Test')
    }

    It 'can be imported again, removed and imported' {
        $file = New-UserFile

        Import-Module $ModulePath -Force
        (Get-PgEdgeUser -Path $file).Count | Should -Be 3
        Remove-Module PgEdgeUsers
        Get-Command *-PgEdgeUser | Where-Object Source -EQ PgEdgeUsers | Should -BeNullOrEmpty
        Import-Module $ModulePath
        (Get-PgEdgeUser -Path $file | Disable-PgEdgeUser -PassThru).Count | Should -Be 3
    }
}
